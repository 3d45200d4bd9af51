import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { DeadlineExceededError, withDeadline } from '../deadline';
import { Problem } from '../problem';
import { bounded, invalidRequest } from '../request-schemas';
import type { ModelRun, RequestRecord } from '../telemetry/request-record';
import { BackendUnavailableError, type InferenceBackend, InputsRejectedError, type TensorValue } from './backend';
import { checkInputs, checkOutputs, type InputTensor } from './check-inputs';
import { InferenceMetrics } from './inference-metrics';
import type { InferenceModel } from './inference-model';

/** Requests for one model at once: each holds its tensors in memory while it waits. */
const MAX_IN_FLIGHT = 64;
/** Characters of a runtime's message that a caller is told. */
const MESSAGE_SHOWN = 300;

export interface InferenceOptions {
  /** Every model that is served by name; what each says of itself may change. */
  readonly models: readonly InferenceModel[];
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  readonly registry: Registry;
  readonly logger: Logger;
}

/** An inference request, whatever protocol it came by. */
export interface InferRequest {
  readonly model: string;
  /** Any when it is not given. */
  readonly version?: string | undefined;
  readonly inputs: readonly InputTensor[];
  /** Names of the outputs to answer with; all when there are none. */
  readonly outputs: readonly string[];
  /** Milliseconds that the caller waits, if it said so. */
  readonly timeoutMs?: number | undefined;
  /** Told of the run, and asked how its trace goes on. */
  readonly record?: RequestRecord;
}

export interface InferAnswer {
  readonly model: InferenceModel;
  readonly outputs: readonly { readonly name: string; readonly tensor: TensorValue }[];
}

/** A model that runs at present. */
export type AvailableModel = InferenceModel & { readonly backend: InferenceBackend };

/** The operations of the Open Inference Protocol, which its REST and its gRPC form share. */
export class Inference {
  private readonly models: ReadonlyMap<string, InferenceModel>;
  private readonly inFlight = new Map<string, number>();
  private readonly metrics: InferenceMetrics;

  constructor(private readonly options: InferenceOptions) {
    this.models = new Map(options.models.map((model) => [model.name, model]));
    this.metrics = new InferenceMetrics(options.registry, options.models);
  }

  /** Names of all models, also of those that are not available. */
  get names(): string[] {
    return [...this.models.keys()];
  }

  /** Whether every model is available: what the protocol calls a ready server. */
  get ready(): boolean {
    return [...this.models.values()].every(({ backend }) => backend !== undefined);
  }

  /** @throws Problem `not-found` when there is no such model or version */
  find(name: string, version?: string): InferenceModel {
    const model = this.models.get(name);
    if (!model) throw new Problem('not-found', `there is no model ${quoted(name)}; there are ${this.names.join(', ')}`);
    if (version !== undefined && model.version !== undefined && version !== model.version) {
      const served = `the version that is served is ${model.version}`;
      throw new Problem('not-found', `the model ${name} has no version ${quoted(version)}; ${served}`);
    }
    return model;
  }

  /** @throws Problem `not-found`, or `model-unavailable` that says why */
  available(name: string, version?: string): AvailableModel {
    const model = this.find(name, version);
    if (model.backend) return model as AvailableModel;
    throw new Problem('model-unavailable', `the model ${name} is not available: ${model.problem}`);
  }

  /**
   * Runs a model once.
   *
   * @throws Problem `not-found`, `invalid-request`, `model-unavailable`, `model-busy`, `model-timeout`,
   *   `inputs-rejected` or `model-failed`
   */
  async infer(request: InferRequest): Promise<InferAnswer> {
    const { name } = this.find(request.model);
    try {
      const answer = await this.answer(request);
      this.metrics.requests.inc({ model: name, result: 'ok' });
      return answer;
    } catch (error) {
      this.metrics.requests.inc({ model: name, result: error instanceof Problem ? error.kind : 'internal-error' });
      throw error;
    }
  }

  private async answer({
    model: name,
    version,
    inputs,
    outputs,
    timeoutMs,
    record,
  }: InferRequest): Promise<InferAnswer> {
    const model = this.available(name, version);
    const { backend } = model;
    const running = this.inFlight.get(name) ?? 0;
    if (running >= MAX_IN_FLIGHT) {
      throw new Problem('model-busy', `the model ${name} has ${running} requests under way; try again later`);
    }
    const tensors = checkInputs(inputs, backend.inputs);
    const wanted = checkOutputs(outputs, backend.outputs);
    const problems = model.check?.(tensors) ?? [];
    if (problems.length > 0) throw invalidRequest(problems);
    // Read before the run: the recommender's own may be swapped meanwhile.
    const answering = { ...model };
    const started = performance.now();
    const wait = Math.min(this.options.timeoutMs, timeoutMs ?? Number.POSITIVE_INFINITY);
    if (wait <= 0) throw this.toProblem(name, new DeadlineExceededError('nobody waits'), 0);
    this.inFlight.set(name, running + 1);
    // What is late still holds the model, so it counts until it is over.
    const noted: ModelRun = { startedAt: started, endedAt: 0, requests: [{ queuedAt: started, record }] };
    if (record) record.run = noted;
    const run = backend.run(tensors, record?.traceHeaders()).finally(() => {
      noted.endedAt = performance.now();
      this.inFlight.set(name, (this.inFlight.get(name) ?? 1) - 1);
    });
    try {
      const results = await withDeadline(run, started + wait);
      this.metrics.duration.observe({ model: name }, (performance.now() - started) / 1000);
      return {
        model: answering,
        outputs: wanted.map((output) => ({
          name: output,
          tensor: output in results ? (results[output] as TensorValue) : missing(output),
        })),
      };
    } catch (error) {
      throw this.toProblem(name, error, wait);
    }
  }

  private toProblem(name: string, error: unknown, wait: number): Problem {
    if (error instanceof DeadlineExceededError) {
      return new Problem('model-timeout', `the model ${name} did not answer within ${Math.round(wait)} ms`);
    }
    const message = (error as Error).message.replace(/\s+/g, ' ').slice(0, MESSAGE_SHOWN);
    if (error instanceof BackendUnavailableError) {
      this.options.logger.warn({ model: name, err: error }, 'the back end of a model is not available');
      return new Problem('model-unavailable', `the model ${name} is not available: ${message}`);
    }
    if (error instanceof InputsRejectedError) {
      return new Problem('inputs-rejected', `the model ${name} can't be run on these values: ${message}`);
    }
    this.options.logger.error({ model: name, err: error }, "a model's run failed");
    return new Problem('model-failed', `the model ${name} failed on this request: ${message}`);
  }
}

function missing(output: string): never {
  throw new Error(`the run gave no output "${output}"`);
}

function quoted(text: string): string {
  return JSON.stringify(bounded(text));
}
