import { DATA_DIRECTORY, SERVER_USER, TERMINATION_GRACE_SECONDS } from '../../../src/model-server/serving';
import type { ServerSecrets } from '../compute/server-secret';

export interface CloudConfigProps {
  readonly image: string;
  readonly region: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: ServerSecrets;
  readonly logGroupName: string;
}

const NAME = 'model-server';
const ENVIRONMENT_FILE = `/etc/${NAME}/environment`;
/** In memory: what is there is on no disk. */
const SECRETS_FILE = `/run/${NAME}/secrets`;
const FETCH_SECRETS = `/usr/local/bin/${NAME}-secrets`;

/**
 * What cloud-init does on a machine's first start: it installs Docker, and a unit of systemd that runs the model server
 * by its digest. As JSON it is the YAML that cloud-init reads.
 */
export function cloudConfig(props: CloudConfigProps) {
  const hasSecrets = Object.keys(props.secrets).length > 0;
  return {
    packages: ['docker', 'amazon-ecr-credential-helper', ...(hasSecrets ? ['jq'] : [])],
    write_files: [
      file('/root/.docker/config.json', '{"credsStore":"ecr-login"}\n', '0600'),
      file(ENVIRONMENT_FILE, environmentFile(props.environment), '0600'),
      ...(hasSecrets ? [file(FETCH_SECRETS, fetchSecrets(props), '0700')] : []),
      file(`/etc/systemd/system/${NAME}.service`, unit(props, hasSecrets), '0644'),
    ],
    runcmd: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', 'docker.service', `${NAME}.service`],
    ],
  };
}

const file = (path: string, content: string, permissions: string) => ({
  path,
  content,
  permissions,
  owner: 'root:root',
});

/** Docker takes each line as it is, quotes included. */
function environmentFile(environment: Readonly<Record<string, string>>): string {
  const names = Object.keys(environment).sort();
  return names.map((name) => `${name}=${environment[name]}\n`).join('');
}

function fetchSecrets({ secrets, region }: CloudConfigProps): string {
  const lines = Object.entries(secrets).map(([name, { secretArn, field }]) => {
    const pick = field === undefined ? '' : ` | jq --exit-status --raw-output '.["${field}"]'`;
    return `value=$(aws secretsmanager get-secret-value --region ${region} --secret-id '${secretArn}' --query SecretString --output text${pick})\necho "${name}=$value" >>"$file"\n`;
  });
  return `#!/bin/bash
set -euo pipefail
umask 077
mkdir -p "$(dirname ${SECRETS_FILE})"
file=$(mktemp --tmpdir="$(dirname ${SECRETS_FILE})")
${lines.join('')}mv "$file" ${SECRETS_FILE}
`;
}

/**
 * The container is on the machine's own network: behind a bridge it would be one hop further from the metadata service
 * than is let through, and have no credentials.
 */
function unit({ image, region, logGroupName }: CloudConfigProps, hasSecrets: boolean): string {
  const run = [
    '/usr/bin/docker run --rm',
    `--name ${NAME}`,
    '--network host',
    `--user ${SERVER_USER}:${SERVER_USER}`,
    '--read-only',
    '--cap-drop ALL',
    '--security-opt no-new-privileges',
    '--ulimit nofile=65536:65536',
    `--tmpfs /tmp:rw,noexec,nosuid,size=256m,uid=${SERVER_USER},gid=${SERVER_USER}`,
    `--volume ${NAME}-data:${DATA_DIRECTORY}`,
    `--env-file ${ENVIRONMENT_FILE}`,
    ...(hasSecrets ? [`--env-file ${SECRETS_FILE}`] : []),
    '--log-driver awslogs',
    `--log-opt awslogs-region=${region}`,
    `--log-opt awslogs-group=${logGroupName}`,
    '--log-opt mode=non-blocking',
    image,
  ].join(' ');
  return `[Unit]
Description=Model server of the recommender
Requires=docker.service
After=docker.service network-online.target
Wants=network-online.target

[Service]
Environment=HOME=/root
Restart=always
RestartSec=5
TimeoutStartSec=300
TimeoutStopSec=${TERMINATION_GRACE_SECONDS + 5}
ExecStartPre=-/usr/bin/docker rm --force ${NAME}
ExecStartPre=/usr/bin/docker pull ${image}
${hasSecrets ? `ExecStartPre=${FETCH_SECRETS}\n` : ''}ExecStart=${run}
ExecStop=/usr/bin/docker stop --time ${TERMINATION_GRACE_SECONDS} ${NAME}

[Install]
WantedBy=multi-user.target
`;
}
