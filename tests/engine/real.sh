#!/bin/sh
# The engine tests against a real Spark: PySpark 4.0.5 with its JVM in an environment of its own, which this installs
# (about 450 MB, once). It cannot share ours, because pyspark and pyspark-client are the same folder.
set -eu
cd "$(dirname "$0")/../.."

VERSION=4.0.5
HOME_OF_SPARK=${MEETLOAD_SPARK_VENV:-.venv/spark}
PYTHON=$PWD/.venv/bin/python

java_version() { "$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -1; }
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
FOUND=$(command -v "$JAVA" >/dev/null 2>&1 && java_version "$JAVA" || true)
if [ -z "$FOUND" ] || [ "$FOUND" -lt 17 ]; then
  echo "test-spark is SKIPPED: real Spark needs Java 17 or newer and there is none here (${FOUND:-no java found})."
  echo "Install a Java 17 runtime, or set JAVA_HOME, and run it again. Sail stood in for Spark in make test."
  exit 0
fi

if [ ! -e "$HOME_OF_SPARK/.installed-$VERSION" ]; then
  echo "installing PySpark $VERSION in $HOME_OF_SPARK"
  test -x "$HOME_OF_SPARK/bin/python" || "$PYTHON" -m venv "$HOME_OF_SPARK"
  "$HOME_OF_SPARK/bin/python" -m pip install -q "pyspark==$VERSION"
  touch "$HOME_OF_SPARK/.installed-$VERSION"
fi

exec "$PYTHON" -m tests.engine.real "$HOME_OF_SPARK"
