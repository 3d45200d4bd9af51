/** Somebody who is asked, or told, while a version is let at requests. */
export class DeliveryWebhook {
  /**
   * Starts requests to the new version, at each interval.
   *
   * @param url of Flagger's load tester, or what speaks as it does
   * @param command that it runs: `k6 run …`
   */
  static loadTest({ url, command }: { readonly url: string; readonly command: string }): DeliveryWebhook {
    return new DeliveryWebhook({ name: 'load-test', type: 'rollout', url, metadata: { type: 'cmd', cmd: command } });
  }

  /** Holds the promotion until `url` answers 200. */
  static approval({ url }: { readonly url: string }): DeliveryWebhook {
    return new DeliveryWebhook({ name: 'approval', type: 'confirm-promotion', url });
  }

  private constructor(
    /** As a Canary's analysis has it. */
    readonly spec: {
      readonly name: string;
      readonly type: 'rollout' | 'confirm-promotion';
      readonly url: string;
      readonly metadata?: Readonly<Record<string, string>>;
    },
  ) {}
}
