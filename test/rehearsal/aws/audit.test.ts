import { rehearsedArea } from './rehearsed-area';

describe('the audit of an account with every option on', () => {
  const { real } = rehearsedArea('audit');

  it('has a locked trail, a recorder with its rules, and everything that looks for attacks', () => {
    expect(real().created).toMatchObject({
      aws_cloudtrail: 1,
      aws_s3_bucket_object_lock_configuration: 1,
      aws_config_configuration_recorder_status: 1,
      aws_config_config_rule: 22,
      aws_guardduty_detector_feature: 3,
      aws_inspector2_enabler: 1,
      aws_securityhub_standards_subscription: 1,
    });
  });
});
