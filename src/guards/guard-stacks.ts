import { AnnotationMetadataEntryType, Annotations, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { StackJson } from '../synthesized/stack-json';
import { SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Finding, Guard } from './guard';
import { impliedResources } from './implied-resource';
import { keptForGood } from './kept-for-good';

/**
 * Has guards look at stacks while they are synthesized. What they find is annotated on the construct it is about:
 * errors fail the synth, all of a stack at once, warnings are printed.
 *
 * @param stacks one, or those that a promise is about together, such as the clouds that share a budget; guards run
 *   when the last of them has been synthesized
 */
export function guardStacks(stacks: readonly TerraformStack[], guards: readonly Guard[]): void {
  const seen = new Map<TerraformStack, SynthesizedStack>();
  for (const stack of stacks) {
    whenSynthesized(stack, (synthesized) => {
      seen.set(stack, synthesized);
      if (seen.size < stacks.length) return;
      const findings = guards.flatMap((guard) => [
        ...guard.check(stacks.map((one) => seen.get(one) as SynthesizedStack)),
      ]);
      annotate(stack, findings);
    });
  }
}

type Look = (stack: SynthesizedStack) => void;

const LOOK = 'cdktf-recommender/look';

/** However many look at a stack, it is synthesized for them once. */
function whenSynthesized(stack: TerraformStack, look: Look): void {
  const looks = () => stack.node.metadata.filter(({ type }) => type === LOOK).map(({ data }) => data as Look);
  if (looks().length === 0) {
    // A validation, because it runs behind all aspects: what they change is what is deployed.
    stack.node.addValidation({
      validate: () => {
        const synthesized = synthesizedStack(stack);
        for (const one of looks()) one(synthesized);
        return [];
      },
    });
  }
  stack.node.addMetadata(LOOK, look);
}

/**
 * What a stack synthesizes to, as it is now.
 *
 * @param json the same as it was written, where it was
 */
export function synthesizedStack(stack: TerraformStack, json = stack.toTerraform() as StackJson): SynthesizedStack {
  return new SynthesizedStack(stack.node.id, json, impliedResources(stack), keptForGood(stack));
}

/** A construct of an earlier stack can't be annotated any more: its annotations are written. */
function annotate(stack: TerraformStack, findings: readonly Finding[]): void {
  for (const { severity, path, message } of findings) {
    const construct = find(stack, path);
    const text = construct ? message : `${path}: ${message}`;
    const at = construct ?? stack;
    const type = severity === 'error' ? AnnotationMetadataEntryType.ERROR : AnnotationMetadataEntryType.WARN;
    if (at.node.metadata.some((entry) => entry.type === type && entry.data === text)) continue;
    if (severity === 'error') Annotations.of(at).addError(text);
    else Annotations.of(at).addWarning(text);
  }
}

function find(stack: TerraformStack, path: string): IConstruct | undefined {
  if (path !== stack.node.path && !path.startsWith(`${stack.node.path}/`)) return undefined;
  const ids = path
    .slice(stack.node.path.length + 1)
    .split('/')
    .filter(Boolean);
  return ids.reduce<IConstruct | undefined>((construct, id) => construct?.node.tryFindChild(id), stack);
}
