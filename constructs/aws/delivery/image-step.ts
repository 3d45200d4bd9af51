import type { DeliveryStep } from '../../../src';
import { HTTP_PORT } from '../../../src/model-server/serving';
import { CONTAINER_NAME } from '../fargate/task-definition';
import type { PolicyStatement } from '../policy-document';

/** Where images are kept: `ImageRepository.fromName`, an `EcrRepository`, or what there is to know of one. */
export interface IImageRepository {
  readonly arn: string;
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>` */
  readonly repositoryUrl: string;
}

/** What the deployment reads: the image by digest, the task it goes into, and where requests go. */
export const DEPLOYMENT_FILES = { image: 'imageDetail.json', task: 'taskdef.json', appSpec: 'appspec.yaml' } as const;

/** What CodePipeline puts the image in the place of, in the task. */
export const IMAGE_PLACEHOLDER = 'IMAGE1_NAME';

/** What the service's task has that a new one may not be registered with. */
const NOT_REGISTERED = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
].map((field) => `.${field}`);

/** `<TASK_DEFINITION>` is CodePipeline's to fill in. */
const APP_SPEC = JSON.stringify({
  version: 0.0,
  Resources: [
    {
      TargetService: {
        Type: 'AWS::ECS::Service',
        Properties: {
          TaskDefinition: '<TASK_DEFINITION>',
          LoadBalancerInfo: { ContainerName: CONTAINER_NAME, ContainerPort: HTTP_PORT },
        },
      },
    },
  ],
});

/** Builds the model server's image with a seed model, and says what is to be deployed: by digest, never by tag. */
export const IMAGE_STEP: DeliveryStep = {
  name: 'image',
  commands: [
    'npm ci --no-audit --no-fund',
    'npx tsc -b',
    'node bin/recommender.js train --store seed',
    'image="$REPOSITORY_URL:$CODEBUILD_RESOLVED_SOURCE_VERSION"',
    'aws ecr get-login-password | docker login --username AWS --password-stdin "$(dirname "$image")"',
    'docker build --file model-server/Dockerfile --tag "$image" .',
    'docker push "$image"',
    `docker inspect "$image" | jq '{ImageURI: .[0].RepoDigests[0]}' > ${DEPLOYMENT_FILES.image}`,
    `jq --exit-status '.ImageURI | test("@sha256:[0-9a-f]{64}$")' ${DEPLOYMENT_FILES.image}`,
    `aws ecs describe-task-definition --task-definition "$TASK_FAMILY" --query taskDefinition --output json | jq 'del(${NOT_REGISTERED.join(', ')}) | .containerDefinitions[0].image = "<${IMAGE_PLACEHOLDER}>"' > ${DEPLOYMENT_FILES.task}`,
    `echo '${APP_SPEC}' > ${DEPLOYMENT_FILES.appSpec}`,
  ],
  cached: ['/root/.npm'],
  timeoutMinutes: 60,
};

/** What the step may do: push to this repository, and read which task the service has. */
export function imagePermissions({ arn }: IImageRepository): PolicyStatement[] {
  return [
    // Neither takes a resource.
    { Effect: 'Allow', Action: ['ecr:GetAuthorizationToken', 'ecs:DescribeTaskDefinition'], Resource: '*' },
    {
      Effect: 'Allow',
      Action: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      Resource: arn,
    },
  ];
}
