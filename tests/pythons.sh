#!/usr/bin/env bash
# The wheel in a fresh environment and an empty folder: with each other Python at hand, and with the oldest
# releases that pyproject.toml allows. What is not at hand is said and skipped.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

smoke() { # NAME PYTHON: what was installed for it does what README promises, with pandas and without
  mkdir "$work/empty-$1"
  (cd "$work/empty-$1" && timeout 180 "$2" -I "$top/tests/smoke.py" "$top/docs/three-questions.ipynb")
}

find_python() { # VERSION: an interpreter of it that starts, on PATH or of pyenv
  local each
  for each in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python; do
    if "$each" -c "import ensurepip, sys; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" 2>/dev/null; then
      echo "$each"
      return
    fi
  done
}

"$top/.venv/bin/python" -m hatchling build --target wheel --directory "$work/wheel" >/dev/null 2>&1
wheel=$(echo "$work"/wheel/*.whl)
failed=0
for version in 3.12 3.13 3.14; do
  python=$(find_python "$version")
  if [ -z "$python" ]; then
    echo "Python $version is not at hand: skipped"
    continue
  fi
  "$python" -m venv "$work/$version"
  "$work/$version/bin/python" -m pip --disable-pip-version-check --quiet install "$wheel[demo,pandas]"
  smoke "$version" "$work/$version/bin/python" || failed=1
done

"$top/.venv/bin/python" -m venv "$work/lowest"
"$work/lowest/bin/python" -m pip --disable-pip-version-check --quiet install uv
if (cd "$work" && "$work/lowest/bin/uv" pip install --quiet --resolution lowest-direct \
  --python "$work/lowest/bin/python" "paperlinks[demo,pandas] @ file://$wheel"); then
  echo "The lowest bounds:"
  smoke lowest "$work/lowest/bin/python" || failed=1
else
  failed=1
fi
"$top/.venv/bin/python" -m venv "$work/bare"
"$work/bare/bin/python" -m pip --disable-pip-version-check --quiet install "$wheel[demo]"
echo "Without pandas:"
smoke bare "$work/bare/bin/python" || failed=1
exit "$failed"
