@echo off
rem Install gwxl without a network: install.cmd [FOLDER]
rem Needs Python 3.11 to 3.14 of 64 bits, no rights of an administrator. Nothing is taken but the wheels beside this
rem script whose hashes stand in requirements.txt. ASCII only: a console may have any code page.
setlocal
set "target=%~1"
if not defined target set "target=%LOCALAPPDATA%\gwxl\app"

set "python="
for %%p in ("py -3.14" "py -3.13" "py -3.12" "py -3.11" "python" "python3") do if not defined python (
    %%~p -c "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))" >nul 2>nul && set "python=%%~p"
)
if not defined python (
    echo No Python 3.11 to 3.14 was found. Install it first, for yourself alone: no administrator is needed. 1>&2
    exit /b 2
)
if exist "%target%" if not exist "%target%\pyvenv.cfg" (
    echo "%target%" holds something else. Name another folder: install.cmd FOLDER 1>&2
    exit /b 2
)

%python% -m venv --clear "%target%" || exit /b 1
"%target%\Scripts\python.exe" -m pip --isolated install --quiet --disable-pip-version-check --no-index --find-links "%~dp0wheels" --only-binary :all: --require-hashes --requirement "%~dp0requirements.txt" || exit /b 1
"%target%\Scripts\gwxl.exe" --version || exit /b 1
echo installed; run "%target%\Scripts\gwxl.exe"
