/** Somebody who is told of alerts. What is secret is a key of a Secret in the cluster, never in code, plan or state. */
export class AlertReceiver {
  /** @param key of the Secret, with the integration's routing key */
  static pagerDuty({ key = 'pagerduty-routing-key' }: { readonly key?: string } = {}): AlertReceiver {
    return new AlertReceiver('pagerduty', (file) => ({ routing_key_file: file(key) }));
  }

  /** @param key of the Secret, with the address of an incoming webhook */
  static slack({
    channel,
    key = 'slack-webhook-url',
  }: {
    readonly channel: string;
    readonly key?: string;
  }): AlertReceiver {
    return new AlertReceiver('slack', (file) => ({ api_url_file: file(key), channel }));
  }

  /** @param key of the Secret, with the address of a workflow's webhook */
  static teams({ key = 'teams-webhook-url' }: { readonly key?: string } = {}): AlertReceiver {
    return new AlertReceiver('msteamsv2', (file) => ({ webhook_url_file: file(key) }));
  }

  /**
   * @param smarthost host and port of the mail server, which must offer TLS
   * @param key of the Secret, with the password of `username`
   */
  static email(options: {
    readonly to: string;
    readonly from: string;
    readonly smarthost: string;
    readonly username: string;
    readonly key?: string;
  }): AlertReceiver {
    const { to, from, smarthost, username, key = 'smtp-password' } = options;
    return new AlertReceiver('email', (file) => ({
      to,
      from,
      smarthost,
      auth_username: username,
      auth_password_file: file(key),
      require_tls: true,
    }));
  }

  /** By the cloud identity of Alertmanager's service account, which must be allowed `sns:Publish` on the topic. */
  static sns({ topicArn, region }: { readonly topicArn: string; readonly region: string }): AlertReceiver {
    return new AlertReceiver('sns', () => ({ topic_arn: topicArn, sigv4: { region } }));
  }

  private constructor(
    readonly kind: 'pagerduty' | 'slack' | 'msteamsv2' | 'email' | 'sns',
    private readonly settings: (file: (key: string) => string) => object,
  ) {}

  /** As Alertmanager's configuration has it. @param folder where the Secret's keys are files */
  config(folder: string): object {
    // Whoever was told that something is wrong is told that it is over.
    return { send_resolved: true, ...this.settings((key) => `${folder}/${key}`) };
  }
}
