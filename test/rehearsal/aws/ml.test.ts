import { rehearsedArea } from './rehearsed-area';

describe('SageMaker with every option on', () => {
  const { real } = rehearsedArea('ml');

  it('has two endpoints, one of which scales, a state machine that trains, and a notebook', () => {
    expect(real().created).toMatchObject({
      aws_sagemaker_model: 2,
      aws_sagemaker_endpoint_configuration: 2,
      aws_sagemaker_endpoint: 2,
      aws_appautoscaling_policy: 1,
      aws_sfn_state_machine: 1,
      aws_sagemaker_notebook_instance: 1,
      aws_sagemaker_notebook_instance_lifecycle_configuration: 1,
    });
  });
});
