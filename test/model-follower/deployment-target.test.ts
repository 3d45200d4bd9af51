import { type Deployment, deploymentProgress } from '../../model-follower/src';

/** A Deployment of four pods. */
function deployment(status: NonNullable<Deployment['status']>, generation = 3): Deployment {
  return {
    metadata: { generation },
    spec: { replicas: 4, template: {} },
    status: { observedGeneration: 3, ...status },
  };
}

const deadline = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "model-server-7d9" has timed out progressing.',
};

describe('the rollout of a Deployment', () => {
  test.each([
    [
      'the Deployment has not seen the change',
      deployment({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 }, 4),
    ],
    ['1 of 4 pods are new', deployment({ replicas: 5, updatedReplicas: 1, availableReplicas: 4 })],
    ['1 old pods are not gone', deployment({ replicas: 5, updatedReplicas: 4, availableReplicas: 5 })],
    ['3 of 4 pods are available', deployment({ replicas: 4, updatedReplicas: 4, availableReplicas: 3 })],
    ['0 of 4 pods are new', deployment({})],
  ])('goes on while %s', (reason, one) => {
    expect(deploymentProgress(one)).toEqual({ verdict: 'progressing', reason });
  });

  test('ends well when all pods are new and available', () => {
    expect(deploymentProgress(deployment({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 }))).toEqual({
      verdict: 'promoted',
      reason: 'all 4 pods are new and available',
    });
  });

  test('is given up when its deadline is over, with what the Deployment says', () => {
    const late = { replicas: 5, updatedReplicas: 1, availableReplicas: 4, conditions: [deadline] };
    expect(deploymentProgress(deployment(late))).toEqual({
      verdict: 'rolled-back',
      reason: 'ReplicaSet "model-server-7d9" has timed out progressing. 1 of 4 pods are new, 4 of 5 are available',
    });
  });

  test('is not given up by the deadline of the one before it', () => {
    const before = { replicas: 5, updatedReplicas: 1, availableReplicas: 4, conditions: [deadline] };
    expect(deploymentProgress(deployment(before, 4)).verdict).toBe('progressing');
  });
});
