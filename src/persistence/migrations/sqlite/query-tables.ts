/** The first query tables, for SQLite. A released migration never changes again. */
import { Migration } from '@mikro-orm/migrations';

export class QueryTables extends Migration {
  override up(): void {
    this.addSql(
      'create table `view_commission` (`id` text not null, `amount` text not null, ' +
        'primary key (`id`))',
    );
    this.addSql(
      'create table `view_decision` (`id` text not null, `sequence` bigint not null, ' +
        '`approved` integer not null, `body` text not null, primary key (`id`))',
    );
    this.addSql(
      'create unique index `view_decision_sequence_unique` on `view_decision` ' + '(`sequence`)',
    );
    this.addSql(
      'create index `view_decision_approved` on `view_decision` (`approved`, `sequence`)',
    );
    this.addSql(
      'create table `view_file` (`id` text not null, `sequence` bigint not null, ' +
        '`trading_date` text not null, `body` text not null, primary key (`id`))',
    );
    this.addSql('create unique index `view_file_sequence_unique` on `view_file` (`sequence`)');
    this.addSql('create index `view_file_date` on `view_file` (`trading_date`, `sequence`)');
    this.addSql(
      'create table `view_fill` (`id` text not null, `sequence` bigint not null, ' +
        '`order_id` text not null, `strategy` text not null, `charged_as` text not null, ' +
        '`realized` text not null, `body` text not null, primary key (`id`))',
    );
    this.addSql('create unique index `view_fill_sequence_unique` on `view_fill` (`sequence`)');
    this.addSql('create index `view_fill_order` on `view_fill` (`order_id`, `sequence`)');
    this.addSql('create index `view_fill_strategy` on `view_fill` (`strategy`, `sequence`)');
    this.addSql(
      'create table `view_meta` (`id` integer not null, `format` integer not null, ' +
        '`sequence` bigint not null, `hash` text not null, primary key (`id`))',
    );
    this.addSql(
      'create table `view_order` (`id` text not null, `sequence` bigint not null, ' +
        '`status` text not null, `strategy` text not null, `instrument` text not null, ' +
        '`body` text not null, primary key (`id`))',
    );
    this.addSql('create unique index `view_order_sequence_unique` on `view_order` (`sequence`)');
    this.addSql('create index `view_order_status` on `view_order` (`status`, `sequence`)');
    this.addSql('create index `view_order_strategy` on `view_order` (`strategy`, `sequence`)');
    this.addSql('create index `view_order_instrument` on `view_order` (`instrument`, `sequence`)');
  }
}
