#!/usr/bin/env bash
# Everything that can be told without running the tests. Each check runs even when one before it failed, so that one
# run tells everything; the end says which failed. Takes the folder of the environment's programs.
set -uo pipefail

bin="$1"
failed=()

step() {
  local name="$1"
  shift
  echo "── $name"
  "$@" </dev/null || failed+=("$name")
}

as_production() {
  env ATLAS_ENV=production \
    SECRET_KEY="$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    ALLOWED_HOSTS=atlas.example.org \
    DATABASE_URL=postgres://check:check@localhost/check \
    CACHE_URL=redis://localhost:6379/0 \
    TRUSTED_PROXIES=1 \
    "$@"
}

step "ruff format" "$bin/ruff" format --check .
step "ruff check" "$bin/ruff" check --output-format concise .
step "djlint" "$bin/djlint" templates config/templates --lint --quiet
step "mypy" "$bin/mypy"
step "production settings" as_production "$bin/python" manage.py check --deploy --fail-level WARNING
step "migrations" "$bin/python" manage.py makemigrations --check --dry-run --verbosity 1
step "dependencies" "$bin/python" -m pip check --disable-pip-version-check

if [ "${#failed[@]}" -gt 0 ]; then
  printf 'Failed: %s\n' "${failed[*]}" >&2
  exit 1
fi
echo "All checks passed."
