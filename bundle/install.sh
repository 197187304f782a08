#!/bin/sh
# 不联网安装 gwxl：sh install.sh [文件夹]
# Install gwxl without a network: sh install.sh [FOLDER]
# Needs Python 3.11 to 3.14, no rights of an administrator. Nothing is taken but the wheels beside this script whose
# hashes stand in requirements.txt.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
target=${1:-${XDG_DATA_HOME:-$HOME/.local/share}/gwxl-app}

python=
for name in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "没有找到带 venv 的 Python 3.11 至 3.14，请先安装（Debian、UOS、麒麟：python3 和 python3-venv）。" >&2
    echo "No Python 3.11 to 3.14 with venv was found; install it first (Debian: python3 and python3-venv)." >&2
    exit 2
fi
if [ -e "$target" ] && [ ! -f "$target/pyvenv.cfg" ]; then
    echo "$target 里有别的东西，请换一个文件夹：sh install.sh 文件夹" >&2
    echo "$target holds something else; name another folder: sh install.sh FOLDER" >&2
    exit 2
fi

"$python" -m venv --clear "$target"
"$target/bin/python" -m pip --isolated install --quiet --disable-pip-version-check --no-index \
    --find-links "$here/wheels" --only-binary :all: --require-hashes --requirement "$here/requirements.txt"
"$target/bin/gwxl" --version
echo "已安装，运行：$target/bin/gwxl"
echo "installed; run $target/bin/gwxl"
