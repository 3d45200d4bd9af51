/** How a gateway knows its callers. */
export class GatewayAuthentication {
  /**
   * Bearer tokens of an issuer; a request without a valid one is answered 401.
   *
   * @param issuer the tokens' `iss`
   * @param audiences of which a token has one as `aud`
   * @param jwksUri where the issuer's keys are
   */
  static jwt(options: {
    readonly issuer: string;
    readonly audiences: readonly string[];
    readonly jwksUri: string;
  }): GatewayAuthentication {
    return new GatewayAuthentication(options);
  }

  /** Anybody: the model server asks for API keys itself, or the gateway is reached from inside a network only. */
  static none(): GatewayAuthentication {
    return new GatewayAuthentication(undefined);
  }

  private constructor(
    readonly jwt:
      | { readonly issuer: string; readonly audiences: readonly string[]; readonly jwksUri: string }
      | undefined,
  ) {}
}
