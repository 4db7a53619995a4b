"""What the server calls: the desk of the configuration that the environment names."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from comity.web.operating.law_serving import serve_changes
from comity.web.start import CONFIG, start

start(Path(os.environ[CONFIG]))
serve_changes()
application = get_wsgi_application()
