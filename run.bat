@echo off
rem Double-click: runs the walk on the sample and shows where the results lie.
setlocal
cd /d "%~dp0"
py -3 -c "import sys" >nul 2>nul
if not errorlevel 1 (
  py -3 kit.py run %*
  goto finished
)
rem "python" may be a stub that only opens the store: ask it to do something first.
python -c "import sys" >nul 2>nul
if not errorlevel 1 (
  python kit.py run %*
  goto finished
)
echo Python was not found. Install Python 3.11 or newer from python.org, then double-click again.
set CODE=2
goto shown
:finished
set CODE=%errorlevel%
:shown
pause
exit /b %CODE%
