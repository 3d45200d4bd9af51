import { rehearsedArea } from './rehearsed-area';

describe('a migration after its cut-over', () => {
  const { real } = rehearsedArea('migration');

  it('has both databases as ones to read and to write, a task each way, and a role for each login', () => {
    expect(real().created).toMatchObject({ aws_dms_endpoint: 4, aws_dms_replication_task: 2, aws_iam_role: 5 });
  });
});
