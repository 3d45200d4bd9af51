import { rehearsedArea } from './rehearsed-area';

describe('a delivery with every option on', () => {
  const { real } = rehearsedArea('delivery');

  it('has a pipeline of four steps, which ends with a deployment in two target groups', () => {
    expect(real().created).toMatchObject({
      aws_codepipeline: 1,
      aws_codebuild_project: 4,
      aws_codedeploy_app: 1,
      aws_codedeploy_deployment_config: 1,
      aws_codedeploy_deployment_group: 1,
      aws_lb_target_group: 2,
      aws_sns_topic: 1,
    });
  });
});
