#!/usr/bin/env bash
# What action.yml runs. The inputs come as INPUT_*; the names of the command line's own variables are PICKLECHECK_*.
#
# PICKLECHECK_ACTION_ENVIRONMENT: a virtual environment that holds picklecheck already (of an image, of a runner without
# a network). Nothing is installed then.
#
# macOS has bash 3.2: no mapfile, and an empty array is an unset variable. Hence "$@".
set -euo pipefail

summary=${GITHUB_STEP_SUMMARY:-$(mktemp)}

# The summary is this step's own, and empty until there is a report. A file called like the report proves nothing.
has_report() {
  [ -s "$summary" ]
}

tell_outputs() {
  local status=$?
  echo "exit-status=$status" >>"${GITHUB_OUTPUT:-/dev/null}"
  if has_report; then echo "report=$INPUT_REPORT" >>"${GITHUB_OUTPUT:-/dev/null}"; fi
}
trap tell_outputs EXIT

end() { # STATUS SENTENCE
  echo "::error title=picklecheck::$2"
  exit "$1"
}

# A line more in $GITHUB_OUTPUT would be an output more.
case $INPUT_REPORT in *$'\n'* | '') end 2 "'report' is no path." ;; esac
case $INPUT_COMMAND in
run | matrix | merge) ;;
*) end 2 "'command' is one of run, matrix and merge." ;;
esac
if [ -n "$INPUT_PYTHON" ] && [ "$INPUT_COMMAND" != run ]; then
  end 2 "'python' is for the command run. For matrix, say --python in 'arguments'."
fi

# Not the job's python3 if that is an old one which is to be examined: picklecheck itself needs 3.10.
find_host() {
  local one
  for one in python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
    if "$one" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then
      echo "$one"
      return
    fi
  done
  return 1
}

environment=${PICKLECHECK_ACTION_ENVIRONMENT:-}
if [ -z "$environment" ]; then
  host=$(find_host) || end 3 "No Python 3.10 or later with venv was found, which picklecheck itself needs."
  environment=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/picklecheck-XXXXXX")
  if ! "$host" -m venv "$environment" || ! "$environment/bin/python" -I -m pip install \
    --disable-pip-version-check --quiet -- "${INPUT_VERSION:-$GITHUB_ACTION_PATH}"; then
    end 3 "picklecheck could not be installed, so nothing was judged."
  fi
fi
# -I: neither the project's folder nor PYTHONPATH takes part in the command line.
own_python=$environment/bin/python

words=$(mktemp)
"$own_python" -I -c '
import glob, os, shlex, sys

try:
    words = shlex.split(os.environ["INPUT_ARGUMENTS"])
except ValueError:
    sys.exit(1)
for word in words:
    found = sorted(glob.glob(word, recursive=True)) if os.environ["INPUT_COMMAND"] == "merge" else []
    sys.stdout.buffer.write(b"".join(os.fsencode(one) + b"\0" for one in found or [word]))
' >"$words" || end 2 "'arguments' has a quotation mark too many or too few."

set -- "$INPUT_COMMAND" --format grid --output github=- --output "github-summary=$summary" --output "json=$INPUT_REPORT"
if [ "$INPUT_COMMAND" = run ]; then
  set -- "$@" --python "${INPUT_PYTHON:-$(command -v python3)}"
fi
if [ -n "$INPUT_BASELINE" ]; then
  set -- "$@" --baseline "$INPUT_BASELINE"
fi
while IFS= read -r -d '' word; do
  set -- "$@" "$word"
done <"$words"

status=0
"$own_python" -I -m picklecheck "$@" || status=$?
if [ "$status" -ne 0 ] && ! has_report; then
  end "$status" "picklecheck ended with status $status before there was a report; its message stands in the log."
fi
exit "$status"
