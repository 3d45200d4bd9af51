import { rehearsedArea } from './rehearsed-area';

describe('a blue/green deployment of machines with every option on', () => {
  const { real } = rehearsedArea('auto-scaling-deployment');

  it('has two groups, each in a target group of its own, and one state machine', () => {
    expect(real().created).toMatchObject({
      aws_autoscaling_group: 2,
      aws_autoscaling_policy: 4,
      aws_autoscaling_lifecycle_hook: 2,
      aws_lb_target_group: 2,
      aws_sfn_state_machine: 1,
    });
  });
});
