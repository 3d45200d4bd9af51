import type { Weighting } from '@cdktf-recommender/model-registry';
import type { Purchases } from '../data/purchases';
import { TrainerError } from '../errors';
import { invertInPlace, NotPositiveDefiniteError } from '../linalg/inverse';
import type { Algorithm } from './algorithm';
import { gramLower } from './gram';
import { LinearModel } from './linear-model';
import { type TrendSettings, trendFactors } from './trend';

const DAY_MS = 86_400_000;

export interface EaseSettings {
  /** L2 regularization, added to the Gram matrix's diagonal. Its scale is that of the items' (weighted) customer counts. */
  readonly lambda: number;
  /** A purchase counts 2^(−age / halfLife) in training, its age from the time of training. @default - every purchase counts 1 */
  readonly trainingHalfLifeDays?: number;
  /** Scales each item's scores by how its sales develop. @default - scores stay as they are */
  readonly trend?: TrendSettings;
  /** How a customer's history weighs at the model's input. */
  readonly weighting: Weighting;
}

/**
 * EASE (Harald Steck, *Embarrassingly Shallow Autoencoders for Sparse Data*, WWW 2019): the item-item weights B with a
 * zero diagonal that minimize ‖X − XB‖² + λ‖B‖². In closed form, with P = (XᵀX + λI)⁻¹: B[i, j] = −P[i, j] / P[j, j].
 *
 * Two additions of ours follow the season. With a training half-life, X holds decayed purchases in place of ones. With a
 * trend, column j of B is multiplied by item j's factor, so that scores remain sums of what each item contributes.
 */
export class Ease implements Algorithm {
  readonly name = 'ease';

  constructor(private readonly settings: EaseSettings) {
    const { lambda, trainingHalfLifeDays = 1, trend = { windowDays: 1, exponent: 0 } } = settings;
    check('lambda', lambda, '0 or more', lambda >= 0);
    check('trainingHalfLifeDays', trainingHalfLifeDays, 'more than 0', trainingHalfLifeDays > 0);
    check('trend.windowDays', trend.windowDays, 'more than 0', trend.windowDays > 0);
    check('trend.exponent', trend.exponent, '0 or more', trend.exponent >= 0);
  }

  get parameters(): Algorithm['parameters'] {
    const { lambda, trainingHalfLifeDays, trend } = this.settings;
    return {
      lambda,
      ...(trainingHalfLifeDays !== undefined && { trainingHalfLifeDays }),
      ...(trend && { trendWindowDays: trend.windowDays, trendExponent: trend.exponent }),
    };
  }

  async fit(purchases: Purchases): Promise<LinearModel> {
    const { lambda, trend, weighting } = this.settings;
    const n = purchases.items.length;
    const matrix = gramLower(purchases, this.trainingWeights(purchases));
    for (let i = 0; i < n; i++) matrix[i * n + i] = (matrix[i * n + i] as number) + lambda;
    try {
      await invertInPlace(matrix, n);
    } catch (error) {
      if (!(error instanceof NotPositiveDefiniteError)) throw error;
      throw new TrainerError(
        `EASE: with λ = ${lambda} the Gram matrix is not positive definite in double precision: pivot ${error.row} ` +
          `(item ${purchases.items[error.row]}) is ${error.pivot}, not above ${error.smallestAllowed}; raise λ`,
      );
    }
    const factors = trend ? trendFactors(purchases, trend) : new Float64Array(n).fill(1);
    const weights = new Float32Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (i === j) continue;
        const weight = -(matrix[i * n + j] as number) / (matrix[j * n + j] as number);
        weights[i * n + j] = weight * (factors[j] as number);
      }
    }
    return new LinearModel(n, weights, weighting);
  }

  private trainingWeights({ lastAt, asOf }: Purchases): Float64Array | undefined {
    const { trainingHalfLifeDays } = this.settings;
    if (trainingHalfLifeDays === undefined) return undefined;
    return lastAt.map((at) => 2 ** (-(asOf - at) / DAY_MS / trainingHalfLifeDays));
  }
}

function check(setting: string, value: number, allowed: string, isAllowed: boolean): void {
  if (isAllowed && Number.isFinite(value)) return;
  throw new TrainerError(`EASE: ${setting} is ${value}; it must be a number, ${allowed}`);
}
