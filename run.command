#!/bin/bash
# Double-click on macOS: runs the walk on the sample and shows where the results lie.
cd "$(dirname "$0")" || exit 3
code=2
for python in python3.14 python3.13 python3.12 python3.11 python3; do
  if command -v "$python" >/dev/null 2>&1; then
    "$python" kit.py run "$@"
    code=$?
    break
  fi
done
if [ "$code" -eq 2 ]; then
  echo "Python 3.11 or newer is needed. Get it from python.org, then double-click again."
  echo "Python 3.11 以降が必要です。python.org から入手し、もう一度ダブルクリックしてください。"
fi
read -r -p "Press Return to close. / Return キーで閉じます。 "
exit "$code"
