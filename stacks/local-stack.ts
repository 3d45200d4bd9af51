import { TerraformOutput, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import type { IWorkloadIdentity } from '../constructs/contracts';
import { MODEL_SERVER_SERVICE_ACCOUNT } from '../constructs/kubernetes/model-server';
import { PORT_FORWARDS } from '../constructs/kubernetes/port-forwards';
import { type Config, ConfigError } from '../src';
import type { LocalConfig } from '../src/config/local-config';
import { STORE_DIRECTORY } from '../src/model-server/serving';
import { WorkloadStack } from './workload-stack';

/** No cloud knows its pods, so there is nothing that they need for it. */
const NO_CLOUD: IWorkloadIdentity = {
  ...MODEL_SERVER_SERVICE_ACCOUNT,
  serviceAccountAnnotations: {},
  podLabels: {},
  credentialSources: [],
  ready: [],
};

/**
 * `local`: what the clouds have in their clusters, in one that is there already, on a laptop or elsewhere. The model
 * server has no store to read, so it serves the model of its image.
 */
export class LocalStack extends WorkloadStack {
  /** What it has is for trying out. */
  readonly protection = false;
  readonly clouds = 1;
  private readonly settings: LocalConfig;

  constructor(scope: Construct, { config }: { readonly config: Config }) {
    if (!config.local) throw new ConfigError('the config has no local; add it, or make no LocalStack.');
    super(scope, 'local', config, config.local);
    this.settings = config.local;
    if (config.rehearsal) this.addRehearsalState(config.rehearsal);
    const { kubeconfig, context, storageClassName, callers } = this.settings;
    this.deployWorkloads({
      cluster: { connection: { kubeconfig, context }, ready: [], storageClassName },
      modelReader: NO_CLOUD,
      callers,
      // Empty, and gone with the pod.
      modelStoreUrl: STORE_DIRECTORY,
      image: this.imageVariable(),
    });
    this.addOutputs();
    this.pinProviders(config.providerVersions);
  }

  /** By name: what a laptop builds is in no registry, which alone gives an image its digest. */
  private imageVariable(): TerraformVariable {
    const image = new TerraformVariable(this, 'image', {
      type: 'string',
      nullable: false,
      default: this.settings.image,
      description: 'Image of the model server by tag or digest: model-server:local.',
    });
    image.addValidation({
      condition: `\${can(regex("(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$", var.image)) && !endswith(var.image, ":latest")}`,
      errorMessage:
        'image must have a tag or a digest: model-server:local. Not the tag latest: Kubernetes always pulls that one.',
    });
    return image;
  }

  private addOutputs(): void {
    const inContext = (command: string) => command.replace(/^kubectl /, `kubectl --context ${this.settings.context} `);
    const commands = Object.entries(PORT_FORWARDS).map(([name, command]) => [name, inContext(command)]);
    new TerraformOutput(this, 'commands', { value: Object.fromEntries(commands) });
  }
}
