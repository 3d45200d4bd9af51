import { ConfigError } from '../../../src';

const MOUNT = '/var/lib/recommender/data';

/** Where the transactions are that a model is trained on: a CSV file, gzipped or not. */
export class TrainingData {
  /** A file of the image. @param path absolute */
  static inImage(path: string): TrainingData {
    if (!path.startsWith('/')) throw new ConfigError(`path is ${path}; allowed is an absolute path in the image.`);
    return new TrainingData(path);
  }

  /**
   * A file on a volume, which is mounted read-only; what writes it there is yours.
   *
   * @param claimName the PersistentVolumeClaim, in the namespace of the jobs
   * @param path below the volume's root: `transactions.csv.gz`
   */
  static onVolume({ claimName, path }: { claimName: string; path: string }): TrainingData {
    if (path.startsWith('/') || path.split('/').includes('..')) {
      throw new ConfigError(`path is ${path}; allowed is a path below the volume's root, without a slash before it.`);
    }
    return new TrainingData(`${MOUNT}/${path}`, { claimName, mountPath: MOUNT });
  }

  private constructor(
    /** The file, as the program finds it. */
    readonly file: string,
    readonly volume?: { readonly claimName: string; readonly mountPath: string },
  ) {}
}
