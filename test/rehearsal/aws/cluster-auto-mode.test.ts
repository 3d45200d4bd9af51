import { rehearsedArea } from './rehearsed-area';

describe('a cluster in Auto Mode', () => {
  const { real } = rehearsedArea('cluster-auto-mode');

  it('has no node group of its own, and of the add-ons the one that is not built in', () => {
    expect(real().created).toMatchObject({ aws_eks_cluster: 1, aws_eks_addon: 1 });
    expect(Object.keys(real().created)).not.toContain('aws_eks_node_group');
  });
});
