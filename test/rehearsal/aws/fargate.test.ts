import { rehearsedArea } from './rehearsed-area';

describe('the model server on Fargate with every option on', () => {
  const { real } = rehearsedArea('fargate');

  it('has two target groups, three listeners, two policies and two hours of scaling', () => {
    expect(real().created).toMatchObject({
      aws_lb_target_group: 2,
      aws_lb_listener: 3,
      aws_appautoscaling_policy: 2,
      aws_appautoscaling_scheduled_action: 2,
      aws_ecs_service: 1,
    });
  });
});
