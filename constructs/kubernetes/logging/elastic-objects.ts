import type { Construct } from 'constructs';
import { resourcesOf } from '../container-sizes';
import type { CustomResource } from '../custom-resources';
import { literal } from '../literal';
import type { FluentBitOutput } from './fluent-bit-config';

const NAME = 'logs';
const PASSWORD = 'ELASTIC_PASSWORD';

/** The password that the operator makes, in a Secret beside Fluent Bit; in no code, plan or state. */
export const ELASTIC_PASSWORD = {
  name: PASSWORD,
  valueFrom: { secretKeyRef: { name: `${NAME}-es-elastic-user`, key: 'elastic' } },
};

/** The authority of its certificate, in a Secret beside Fluent Bit too. */
export const ELASTIC_AUTHORITY = { secretName: `${NAME}-es-http-certs-public`, mountPath: '/etc/elasticsearch/tls' };

interface ElasticObjectsProps {
  readonly version: string;
  readonly nodes: number;
  readonly volumeGib: number;
  readonly storageClassName: string;
}

/** Elasticsearch and Kibana as ECK takes them. */
export function elasticObjects(scope: Construct, props: ElasticObjectsProps): CustomResource[] {
  const { version, nodes, volumeGib, storageClassName } = props;
  const resources = { requests: { storage: `${volumeGib}Gi` } };
  return [
    {
      apiVersion: 'elasticsearch.k8s.elastic.co/v1',
      kind: 'Elasticsearch',
      metadata: { name: NAME },
      spec: {
        version,
        // Without it a destroy leaves the disks behind, and their bill.
        volumeClaimDeletePolicy: 'DeleteOnScaledownAndClusterDeletion',
        nodeSets: [
          {
            name: 'default',
            count: nodes,
            // Memory maps would need a setting of the node's kernel, and a privileged container to set it.
            config: { 'node.store.allow_mmap': false },
            podTemplate: podTemplate(scope, 'elasticsearch'),
            volumeClaimTemplates: [
              {
                metadata: { name: 'elasticsearch-data' },
                spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources },
              },
            ],
          },
        ],
      },
    },
    {
      apiVersion: 'kibana.k8s.elastic.co/v1',
      kind: 'Kibana',
      metadata: { name: NAME },
      spec: { version, count: 1, elasticsearchRef: { name: NAME }, podTemplate: podTemplate(scope, 'kibana') },
    },
  ];
}

/** One index a day: `logstash-2026.11.22`. Dots in names of labels would be taken for a path. */
export function elasticOutput(): FluentBitOutput {
  return {
    Name: 'es',
    Host: `${NAME}-es-http`,
    Port: '9200',
    tls: 'On',
    'tls.verify': 'On',
    'tls.ca_file': `${ELASTIC_AUTHORITY.mountPath}/ca.crt`,
    HTTP_User: 'elastic',
    HTTP_Passwd: literal(`\${${PASSWORD}}`),
    Logstash_Format: 'On',
    Replace_Dots: 'On',
    Suppress_Type_Name: 'On',
    Compress: 'gzip',
  };
}

function podTemplate(scope: Construct, container: 'elasticsearch' | 'kibana') {
  return { spec: { containers: [{ name: container, resources: resourcesOf(scope, container) }] } };
}
