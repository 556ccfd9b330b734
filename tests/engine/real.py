"""Starts the Spark Connect server of an environment with PySpark, runs the engine tests against it, and stops it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.ports import free_port

PATIENCE = 120
# Tiny tables: compiling a query would cost far more than running it.
SETTINGS = {
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.log.level": "ERROR",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
# Every derived table and every measure; what is left out asks nothing of the engine that these do not.
TESTS = "test_equal or drift_on_spark"


def start(home: Path, port: int, scratch: str, log: Path) -> subprocess.Popen[bytes]:
    spark = next((home / "lib").glob("python*/site-packages/pyspark")).resolve()
    settings = SETTINGS | {"spark.connect.grpc.binding.port": str(port), "spark.local.dir": scratch}
    settings["spark.sql.warehouse.dir"] = scratch
    options = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    command = [str(spark / "bin" / "spark-submit"), "--master", "local[2]", "--driver-memory", "2g", *options]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    environment = os.environ | {"SPARK_HOME": str(spark), "SPARK_LOCAL_IP": "127.0.0.1"}
    with log.open("wb") as out:
        return subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT, cwd=scratch)


def wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit(f"Spark did not start:\n{log.read_text(errors='replace')[-3000:]}")


def main(home: Path) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        port, log = free_port(), Path(scratch) / "spark.log"
        server = start(home, port, scratch, log)
        try:
            wait_for(server, port, log)
            environment = os.environ | {"MEETLOAD_SPARK_REMOTE": f"sc://127.0.0.1:{port}"}
            tests = [sys.executable, "-m", "pytest", "-q", "tests/engine", "-k", TESTS]
            return subprocess.run(tests, env=environment, check=False).returncode
        finally:
            server.terminate()
            server.wait(timeout=60)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
