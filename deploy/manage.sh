#!/bin/sh
# A command of the site in the environment of its services and as their user:
#     sudo /opt/commitments/deploy/manage.sh back_up /var/lib/commitments/backups/by-hand.tar
set -eu
set -a
. /etc/commitments/environment
VAR_DIR=/var/lib/commitments
set +a
cd /opt/commitments
exec runuser -u commitments -- .venv/bin/python manage.py "$@"
