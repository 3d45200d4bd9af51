import { allOf, given, on, oneOf } from '../checks';
import { securityHub } from '../references';
import type { SecurityRule } from '../rule';
import { AT_REST, PUBLIC } from './data-services';
import { listed, policyLetsNobodyIn, statementsOf } from './policies';

export const AWS_MESSAGING: readonly SecurityRule[] = [
  {
    ...AT_REST,
    id: 'AWS-SNS-001',
    fix: 'Set kms_master_key_id.',
    reference: securityHub('sns', 1),
    checkov: 'CKV_AWS_26',
    appliesTo: ['aws_sns_topic'],
    check: given('kms_master_key_id'),
  },
  {
    id: 'AWS-SNS-002',
    title: "No topic's policy lets everybody in",
    severity: 'critical',
    reason: 'Anybody can publish to it or read along.',
    fix: 'Name the principals, or narrow them by aws:SourceAccount.',
    reference: securityHub('sns', 4),
    checkov: 'CKV_AWS_169',
    appliesTo: ['aws_sns_topic_policy'],
    check: policyLetsNobodyIn('policy'),
  },
  {
    ...AT_REST,
    id: 'AWS-SQS-001',
    fix: 'Set kms_master_key_id, or leave sqs_managed_sse_enabled on.',
    reference: securityHub('sqs', 1),
    checkov: 'CKV_AWS_27',
    appliesTo: ['aws_sqs_queue'],
    check: (queue) => (queue.has('kms_master_key_id') ? undefined : on('sqs_managed_sse_enabled')(queue)),
  },
  {
    id: 'AWS-SQS-002',
    title: "No queue's policy lets everybody in",
    severity: 'critical',
    reason: 'Anybody can send to it, read along and delete.',
    fix: 'Name the principals, or narrow them by aws:SourceArn.',
    reference: securityHub('sqs', 3),
    checkov: 'CKV_AWS_168',
    appliesTo: ['aws_sqs_queue_policy'],
    check: policyLetsNobodyIn('policy'),
  },
  {
    id: 'AWS-SQS-003',
    title: "No queue's policy allows all actions",
    severity: 'high',
    reason: 'Who should send can read, empty and delete the queue.',
    fix: 'Name the actions.',
    reference:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html',
    checkov: 'CKV_AWS_72',
    appliesTo: ['aws_sqs_queue_policy'],
    check: statementsOf('policy', ({ effect, actions }) =>
      effect === 'Allow' && actions.includes('*') ? `policy allows ${listed(actions)}` : undefined,
    ),
  },
  {
    ...AT_REST,
    id: 'AWS-KINESIS-001',
    fix: 'Set encryption_type to KMS.',
    reference: securityHub('kinesis', 1),
    checkov: 'CKV_AWS_43',
    appliesTo: ['aws_kinesis_stream'],
    check: oneOf('encryption_type', ['KMS'], 'NONE'),
  },
  {
    ...AT_REST,
    id: 'AWS-FIREHOSE-001',
    fix: 'Set server_side_encryption.enabled to true.',
    reference: securityHub('datafirehose', 1),
    checkov: 'CKV_AWS_240',
    appliesTo: ['aws_kinesis_firehose_delivery_stream'],
    // What comes from a stream is encrypted there.
    check: (stream) =>
      stream.has('kinesis_source_configuration') || stream.has('msk_source_configuration')
        ? undefined
        : on('server_side_encryption.enabled')(stream),
  },
  {
    id: 'AWS-MSK-001',
    title: 'Brokers are spoken to by TLS',
    severity: 'high',
    reason: 'Events of customers cross the network in the open.',
    fix: 'Set encryption_info.encryption_in_transit.client_broker to TLS, and leave in_cluster on.',
    reference: securityHub('msk', 1),
    appliesTo: ['aws_msk_cluster'],
    check: allOf(
      oneOf('encryption_info.encryption_in_transit.client_broker', ['TLS'], 'TLS'),
      oneOf('encryption_info.encryption_in_transit.in_cluster', [true, 'true'], true),
    ),
  },
  {
    ...PUBLIC,
    id: 'AWS-MSK-002',
    fix: 'Leave connectivity_info.public_access.type DISABLED.',
    reference: securityHub('msk', 4),
    checkov: 'CKV_AWS_291',
    appliesTo: ['aws_msk_cluster'],
    check: oneOf('broker_node_group_info.connectivity_info.public_access.type', ['DISABLED'], 'DISABLED'),
  },
];
