import { rehearsedArea } from './rehearsed-area';

describe('a model store with every option on, its logs and its copy in another region', () => {
  const { real } = rehearsedArea('storage');

  it('has a lock, logs, a copy and rules of age', () => {
    expect(real().created).toMatchObject({
      aws_s3_bucket: 4,
      aws_s3_bucket_object_lock_configuration: 2,
      aws_s3_bucket_logging: 1,
      aws_s3_bucket_replication_configuration: 1,
      aws_s3_bucket_lifecycle_configuration: 3,
    });
  });
});
