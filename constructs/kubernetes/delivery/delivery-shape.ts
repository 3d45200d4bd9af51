/** How a new version is let at requests before it takes them all. */
export class DeliveryShape {
  /**
   * A growing share of the requests, each step once every gate has held for an interval.
   *
   * @param stepWeight percent of the requests that each step adds; by default 10
   * @param maxWeight percent at which it is promoted; by default 50
   */
  static canary({ stepWeight = 10, maxWeight = 50 } = {}): DeliveryShape {
    return new DeliveryShape({ stepWeight, maxWeight });
  }

  /**
   * None until every gate has held for some intervals, then all at once. The gates need requests to judge by: a load test
   * among the webhooks.
   *
   * @param iterations intervals; by default 5
   */
  static blueGreen({ iterations = 5 } = {}): DeliveryShape {
    return new DeliveryShape({ iterations });
  }

  /**
   * A copy of the requests, whose answers nobody gets, then all at once.
   *
   * @param iterations intervals; by default 5
   */
  static mirrored({ iterations = 5 } = {}): DeliveryShape {
    return new DeliveryShape({ iterations, mirror: true });
  }

  /**
   * The requests that have a header, for some intervals, then all at once.
   *
   * @param header name and value: `{ name: 'x-experiment', value: 'b' }`
   * @param iterations intervals; by default 5
   */
  static abTest(options: {
    readonly header: { readonly name: string; readonly value: string };
    readonly iterations?: number;
  }): DeliveryShape {
    const { header, iterations = 5 } = options;
    return new DeliveryShape({ iterations, match: [{ headers: { [header.name]: { exact: header.value } } }] });
  }

  private constructor(
    /** As a Canary's analysis has it. */
    readonly analysis: object,
  ) {}
}
