import { emulatedRequest } from './emulated-request';
import { rehearsedArea } from './rehearsed-area';

const INSTANCE = 'i-0a1b2c3d4e5f60718';
const EVENTS = [
  ['aws.ec2', 'EC2 Spot Instance Interruption Warning'],
  ['aws.ec2', 'EC2 Instance Rebalance Recommendation'],
  ['aws.ec2', 'EBS Volume Notification'],
  ['aws.health', 'AWS Health Event'],
] as const;

describe('a cluster of nodes with every option on', () => {
  const heard: string[] = [];
  const { real } = rehearsedArea('cluster', {
    afterDeploy: async ({ moto, outputs }) => {
      const ask = (service: string, target: string, body: Record<string, unknown>) =>
        emulatedRequest(moto.endpoint, { service, target, body });
      const Detail = JSON.stringify({ 'instance-id': INSTANCE });
      const Entries = EVENTS.map(([Source, DetailType]) => ({ Source, DetailType, Detail }));
      await ask('events', 'AWSEvents.PutEvents', { Entries });
      const received = { QueueUrl: outputs.queue_url, MaxNumberOfMessages: 10 };
      const { Messages } = await ask('sqs', 'AmazonSQS.ReceiveMessage', received);
      heard.push(...(Messages as { Body: string }[]).map(({ Body }) => JSON.parse(Body)['detail-type']));
    },
  });

  it('has a group of nodes on demand and one of spot nodes, and every add-on', () => {
    expect(real().created).toMatchObject({ aws_eks_node_group: 2, aws_launch_template: 2, aws_eks_addon: 6 });
  });

  it('lets in its administrator, people who only look, and the nodes that Karpenter makes', () => {
    expect(real().created).toMatchObject({ aws_eks_access_entry: 3, aws_eks_access_policy_association: 2 });
  });

  it('tells Karpenter when AWS takes an instance back, and nothing that is not of use to it', () => {
    expect(heard.sort()).toEqual([
      'AWS Health Event',
      'EC2 Instance Rebalance Recommendation',
      'EC2 Spot Instance Interruption Warning',
    ]);
  });
});
