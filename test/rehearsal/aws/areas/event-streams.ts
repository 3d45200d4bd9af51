import { Fn, TerraformOutput } from 'cdktf';
import {
  KinesisEventStream,
  MskServerless,
  Network,
  Port,
  QueueEventStream,
  SecurityGroup,
  ServiceRole,
} from '../../../../constructs/aws';
import type { Area } from '../area';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const role = (id: string, roleName: string, description: string) =>
      new ServiceRole(stack, id, { roleName, description, service: 'lambda.amazonaws.com' });
    const producer = role('Producer', 'shop-prod-producer', 'Says what happened');
    const worker = role('Worker', 'shop-prod-worker', 'Works on what happened');
    const nodes = new SecurityGroup(stack, 'Nodes', {
      network,
      groupName: 'shop-prod-nodes',
      description: 'The nodes',
    });
    const output = (name: string, value: string) => new TerraformOutput(stack, name, { value, staticId: true });

    const orders = new QueueEventStream(stack, 'Orders', {
      streamName: 'shop-prod-orders',
      order: 'group',
      protection,
    });
    const emails = new QueueEventStream(stack, 'Emails', {
      streamName: 'shop-prod-emails',
      retentionDays: 7,
      visibilitySeconds: 120,
      maxReceiveCount: 2,
      protection,
    });
    const clicks = new KinesisEventStream(stack, 'Clicks', {
      streamName: 'shop-prod-clicks',
      retentionHours: 48,
      protection,
    });
    const kafka = new MskServerless(stack, 'Kafka', { clusterName: 'shop-prod', network, protection });
    kafka.connections.allowFrom(nodes, Port.tcp(kafka.port), 'Events are written to it');
    for (const stream of [orders, emails, clicks]) {
      stream.grants.produce(producer);
      stream.grants.consume(worker);
    }
    kafka.grants.produce(producer, ['interactions']);
    kafka.grants.consume(worker, ['interactions'], 'worker-');
    output('emails_url', emails.url);
    output('emails_dead_letter_url', emails.deadLetterUrl);
    output('orders_key_arn', orders.key.keyArn);
    output('clicks_key_arn', clicks.key.keyArn);
    output('kafka_arn', kafka.resource.arn);
    output('kafka_topics', Fn.replace(kafka.resource.arn, ':cluster/', ':topic/'));
    output('kafka_groups', Fn.replace(kafka.resource.arn, ':cluster/', ':group/'));
  },
};
