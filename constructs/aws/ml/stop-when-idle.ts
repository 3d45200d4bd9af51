interface StopWhenIdleOptions {
  /** Minutes without a kernel's or a terminal's activity after which the instance is stopped. */
  readonly idleMinutes: number;
  /** Where Jupyter is asked. */
  readonly jupyter: string;
  /** File with the instance's name and ARN. */
  readonly metadata: string;
  /** File with the seconds since its start. */
  readonly uptime: string;
}

/** As a notebook instance has them. */
export const ON_INSTANCE = {
  jupyter: 'https://localhost:8443',
  metadata: '/opt/ml/metadata/resource-metadata.json',
  uptime: '/proc/uptime',
};

/** Minutes between two looks. */
const EVERY_MINUTES = 5;
const PROGRAM = '/usr/local/bin/stop-when-idle';

/**
 * The program that looks once whether a notebook instance is idle, and stops it then. It needs nothing but what is on
 * the instance: Python's own library, and AWS's command line. Where Jupyter can't be asked, nothing has been done since
 * the start; where it refuses to say, it may be in use, and is left alone.
 */
export function idleCheck({ idleMinutes, jupyter, metadata, uptime }: StopWhenIdleOptions): string {
  return `#!/usr/bin/env python3
import json
import ssl
import subprocess
import sys
import time
from datetime import datetime, timezone
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

# Jupyter's certificate is its own, and the way to it does not leave the machine.
UNVERIFIED = ssl._create_unverified_context()


def asked(path):
    url = "${jupyter}/api/" + path
    return json.load(urlopen(url, timeout=20, context=UNVERIFIED if url.startswith("https") else None))


def seconds_idle():
    with open("${uptime}") as file:
        idle = float(file.read().split()[0])
    try:
        used = asked("kernels") + asked("terminals")
    except HTTPError as error:
        sys.exit("Jupyter answers %s: it is not known whether anybody works" % error.code)
    except (URLError, OSError):
        return idle
    if any(one.get("execution_state", "idle") != "idle" for one in used):
        return 0
    for one in used:
        at = datetime.strptime(one["last_activity"][:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
        idle = min(idle, time.time() - at.timestamp())
    return idle


idle = seconds_idle()
if idle < ${idleMinutes * 60}:
    sys.exit(0)
with open("${metadata}") as file:
    instance = json.load(file)
print("idle for %d minutes: stopping %s" % (idle / 60, instance["ResourceName"]))
region = instance["ResourceArn"].split(":")[3]
command = ["aws", "sagemaker", "stop-notebook-instance", "--region", region]
sys.exit(subprocess.call(command + ["--notebook-instance-name", instance["ResourceName"]]))
`;
}

/** What runs as root each time that the instance starts: puts the program there, and has it run every few minutes. */
export function stopWhenIdle(options: StopWhenIdleOptions): string {
  return `#!/bin/bash
set -euo pipefail
cat > ${PROGRAM} <<'PROGRAM'
${idleCheck(options)}PROGRAM
chmod 755 ${PROGRAM}
systemd-run --unit=stop-when-idle --on-active=${EVERY_MINUTES}min --on-unit-active=${EVERY_MINUTES}min ${PROGRAM}
`;
}
