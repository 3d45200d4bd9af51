import type { Deployed } from '@cdktf-recommender/rehearsal';
import { checkovVerdict } from '../checkov-policy';

interface Planned {
  readonly address: string;
  readonly values: { readonly tags_all?: Readonly<Record<string, string>> | null };
}

/** Resources of an area, or of a stack, as they are deployed, by a plan that has all their values. */
export class AreaPlan {
  private json = '';

  constructor(
    private readonly name: string,
    private readonly tags: Readonly<Record<string, string>>,
  ) {}

  async ask(deployed: Pick<Deployed, 'planJson'>): Promise<void> {
    this.json = await deployed.planJson();
  }

  addTests(): void {
    it('says whose it is, which environment it is and who pays, wherever AWS takes tags', () => {
      const { resources } = JSON.parse(this.json).planned_values.root_module as { resources: Planned[] };
      const taggable = resources.filter(({ values }) => 'tags_all' in values);
      expect(taggable.length).toBeGreaterThan(0);
      for (const { address, values } of taggable)
        expect({ address, ...values.tags_all }).toMatchObject({ address, ...this.tags });
    });

    it("keeps checkov's rules, but for what the policy says why", async () => {
      const { passed, broken, unneeded } = await checkovVerdict(this.name, this.json);
      process.stdout.write(`checkov, ${this.name}: ${passed} passed\n`);
      expect({ broken, unneeded }).toEqual({ broken: [], unneeded: [] });
      expect(passed).toBeGreaterThan(0);
    }, 300_000);
  }
}
