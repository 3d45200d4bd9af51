import { rehearsedArea } from './rehearsed-area';

describe('backups with every option on', () => {
  const { real } = rehearsedArea('backup');

  it('have two vaults, each with a key, a lock, a plan and a selection, and one for copies; one is tested', () => {
    expect(real().created).toMatchObject({
      aws_backup_vault: 3,
      aws_backup_vault_lock_configuration: 3,
      aws_kms_key: 3,
      aws_backup_plan: 2,
      aws_backup_selection: 2,
      aws_backup_restore_testing_plan: 1,
      aws_backup_restore_testing_selection: 2,
    });
  });
});
