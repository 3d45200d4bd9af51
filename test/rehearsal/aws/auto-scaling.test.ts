import { rehearsedArea } from './rehearsed-area';

describe('the model server on machines of its own with every option on', () => {
  const { real } = rehearsedArea('auto-scaling');

  it('has a group with two policies, two hours and a hook, behind one load balancer', () => {
    expect(real().created).toMatchObject({
      aws_autoscaling_group: 1,
      aws_autoscaling_policy: 2,
      aws_autoscaling_schedule: 2,
      aws_autoscaling_lifecycle_hook: 1,
      aws_launch_template: 1,
      aws_lb: 1,
    });
  });
});
