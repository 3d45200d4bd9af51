import { rehearsedArea } from './rehearsed-area';

describe('a document store of Atlas, which a stand-in plays', () => {
  const { real } = rehearsedArea('document-store');

  it('is linked to the network by an endpoint, and encrypted by a key of its own', () => {
    expect(real().created).toMatchObject({
      mongodbatlas_privatelink_endpoint_service: 1,
      mongodbatlas_encryption_at_rest: 1,
      mongodbatlas_advanced_cluster: 1,
      aws_vpc_endpoint: 3,
    });
    expect(Object.keys(real().created)).not.toContain('mongodbatlas_project_ip_access_list');
  });
});
