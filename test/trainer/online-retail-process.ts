import { join } from 'node:path';
import { versionOf } from '../../model-registry/src/index';
import { compareAlgorithms, train } from '../../trainer/src/index';

const data = join(__dirname, '../../data/online-retail.csv.gz');

/**
 * For tests on the whole of Online Retail: `compare` or `train`, the answer as JSON. A process of its own, because
 * jest's realm makes a loop over half a million lines four times slower, and memory is told by the process.
 */
const COMMANDS = {
  compare: () => compareAlgorithms({ data }),
  train: async () => {
    const { draft, seconds, peakRssBytes, verification } = await train({ data });
    const { user, system } = process.cpuUsage();
    const processorSeconds = (user + system) / 1e6;
    return { version: versionOf(draft.manifest), seconds, processorSeconds, peakRssBytes, verification };
  },
};

async function main(command: keyof typeof COMMANDS): Promise<void> {
  console.log(JSON.stringify(await COMMANDS[command]()));
}

void main(process.argv[2] as keyof typeof COMMANDS);
