import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployed, EmulatedRole, Moto } from '@cdktf-recommender/rehearsal';
import { type Faults, faultsOf, NO_FAULTS, withOutputs } from './iam/deployed-role';
import type { RoleExpectation } from './role-expectation';

/** What `areas/<name>.roles.ts` says of the roles of an area; none when there is no such file. */
function expectationsOf(area: string): readonly RoleExpectation[] {
  const file = join(__dirname, 'areas', `${area}.roles`);
  return existsSync(`${file}.ts`) ? (require(file) as { roles: readonly RoleExpectation[] }).roles : [];
}

/** The roles of an area as they are deployed, against what they must and must not be able to do. */
export class AreaRoles {
  private readonly expected: readonly RoleExpectation[];
  private readonly faults = new Map<string, Faults>();
  private deployed: readonly EmulatedRole[] = [];

  constructor(private readonly area: string) {
    this.expected = expectationsOf(area);
  }

  /** Asks the emulated AWS while the area is deployed. */
  async ask({ moto, outputs }: Deployed & { readonly moto: Moto }): Promise<void> {
    this.deployed = await moto.roles();
    for (const role of this.deployed) {
      const one = this.expected.find((expectation) => expectation.role === role.name);
      if (one) this.faults.set(role.name, await faultsOf(role, withOutputs(one, outputs), moto));
    }
    process.stdout.write(`${this.report()}\n`);
  }

  /** Adds tests of what was found. */
  addTests(): void {
    it('has the roles that are expected, and no other', () => {
      expect(this.deployed.map(({ name }) => name).sort()).toEqual(this.expected.map(({ role }) => role).sort());
    });
    if (this.expected.length === 0) return;
    it.each(this.expected)('lets $role do what it must, nothing near it, for whom it is meant', ({ role }) => {
      expect(this.faults.get(role)).toEqual(NO_FAULTS);
    });
    it.each(this.expected)('refuses $role at least ten things', ({ denied }) => {
      expect(denied.length).toBeGreaterThanOrEqual(10);
    });
  }

  /** What may do something on everything, with the reason, and what of AWS's own is attached: for whoever reviews it. */
  private report(): string {
    const lines = this.expected.flatMap(({ role, wildcards = [] }) => {
      const managed = this.deployed.find(({ name }) => name === role)?.policies.filter((one) => one.managed) ?? [];
      return [
        ...wildcards.map(({ action, why }) => `${role}: ${action} on everything, because ${why}`),
        ...managed.map(({ name }) => `${role}: AWS's own ${name}`),
      ];
    });
    return [`Wide permissions of the area ${this.area}:`, ...lines.map((line) => `  ${line}`)].join('\n');
  }
}
