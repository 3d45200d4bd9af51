import { GraphBuilder } from '../onnx/builder';
import { InferenceSession, Tensor } from '../onnx/runtime';

/** A dense matrix, row-major. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/**
 * Matrix products in float64 by onnxruntime, the fastest matrix engine that npm installs. One thread, so that the same
 * input gives the same bits on any number of cores.
 */
export class MatrixProduct {
  private constructor(private readonly session: InferenceSession) {}

  static async create(): Promise<MatrixProduct> {
    const graph = new GraphBuilder('product');
    const a = graph.input('a', 'float64', ['rows', 'inner']);
    const b = graph.input('b', 'float64', ['inner', 'columns']);
    graph.output(graph.node('MatMul', [a, b], { as: 'product' }), 'float64', ['rows', 'columns']);
    const session = await InferenceSession.create(graph.toModel(), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // The arena would keep the largest product's memory for good.
      enableCpuMemArena: false,
    });
    return new MatrixProduct(session);
  }

  /** @returns a · b, row-major, a.rows × b.columns */
  async multiply(a: Matrix, b: Matrix): Promise<Float64Array> {
    const { product } = await this.session.run({ a: tensor(a), b: tensor(b) });
    return (product as Tensor).data as Float64Array;
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

function tensor({ data, rows, columns }: Matrix): Tensor {
  return new Tensor('float64', data, [rows, columns]);
}
