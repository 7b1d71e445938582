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
rem The Japanese line is UTF-8; it ends in ASCII, as a console of another code page may read on.
for /f "tokens=2 delims=:." %%p in ('chcp') do set PAGE=%%p
chcp 65001 >nul
echo Python が見つかりません。python.org から Python 3.11 以降をインストールし、もう一度ダブルクリックしてください (run.bat)
chcp %PAGE% >nul
set CODE=2
goto shown
:finished
set CODE=%errorlevel%
:shown
pause
exit /b %CODE%
