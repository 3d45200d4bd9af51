/** The public log of signatures; what is in it can't be taken back. */
const REKOR = 'https://rekor.sigstore.dev';

/** Whose signature an image has, made by cosign. */
export class ImageAttestor {
  /**
   * A workflow that signs without a key, as who it is to an issuer of tokens.
   *
   * @param issuer e.g. `https://token.actions.githubusercontent.com`
   * @param subject the workflow: `https://github.com/shop/recommender/.github/workflows/release.yml@refs/heads/main`
   */
  static keyless({ issuer, subject }: { issuer: string; subject: string }): ImageAttestor {
    return new ImageAttestor({ keyless: { identities: [{ issuer, subject }] }, ctlog: { url: REKOR } });
  }

  /** The holder of a key. @param publicKey PEM, `-----BEGIN PUBLIC KEY-----…` */
  static key({ publicKey }: { publicKey: string }): ImageAttestor {
    return new ImageAttestor({ key: { data: publicKey }, ctlog: { url: REKOR } });
  }

  private constructor(
    /** As an attestor of Kyverno has it. */
    readonly cosign: object,
  ) {}
}
