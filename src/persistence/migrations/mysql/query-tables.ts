/** The first query tables, for MySQL and MariaDB. A released migration never changes again. */
import { Migration } from '@mikro-orm/migrations';

export class QueryTables extends Migration {
  override up(): void {
    this.addSql(
      'create table `view_commission` (`id` varchar(255) not null, `amount` varchar(80) ' +
        'not null, primary key (`id`)) default character set utf8mb4 collate utf8mb4_bin ' +
        'engine = InnoDB',
    );
    this.addSql(
      'create table `view_decision` (`id` varchar(255) not null, `sequence` bigint not ' +
        'null, `approved` int not null, `body` longtext not null, primary key (`id`), ' +
        'unique `view_decision_sequence_unique` (`sequence`), index ' +
        '`view_decision_approved` (`approved`, `sequence`)) default character set utf8mb4 ' +
        'collate utf8mb4_bin engine = InnoDB',
    );
    this.addSql(
      'create table `view_file` (`id` varchar(255) not null, `sequence` bigint not null, ' +
        '`trading_date` varchar(10) not null, `body` longtext not null, primary key (`id`), ' +
        'unique `view_file_sequence_unique` (`sequence`), index `view_file_date` ' +
        '(`trading_date`, `sequence`)) default character set utf8mb4 collate utf8mb4_bin ' +
        'engine = InnoDB',
    );
    this.addSql(
      'create table `view_fill` (`id` varchar(255) not null, `sequence` bigint not ' +
        'null, `order_id` varchar(255) not null, `strategy` varchar(255) not null, `charged_as` ' +
        'varchar(255) not null, `realized` varchar(80) not null, `body` longtext not ' +
        'null, primary key (`id`), unique `view_fill_sequence_unique` (`sequence`), index ' +
        '`view_fill_order` (`order_id`, `sequence`), index `view_fill_strategy` ' +
        '(`strategy`, `sequence`)) default character set utf8mb4 collate utf8mb4_bin ' +
        'engine = InnoDB',
    );
    this.addSql(
      'create table `view_meta` (`id` int unsigned not null, `format` int not null, ' +
        '`sequence` bigint not null, `hash` varchar(64) not null, primary key (`id`)) ' +
        'default character set utf8mb4 collate utf8mb4_bin engine = InnoDB',
    );
    this.addSql(
      'create table `view_order` (`id` varchar(255) not null, `sequence` bigint not null, ' +
        '`status` varchar(20) not null, `strategy` varchar(255) not null, `instrument` ' +
        'varchar(255) not null, `body` longtext not null, primary key (`id`), unique ' +
        '`view_order_sequence_unique` (`sequence`), index `view_order_status` (`status`, ' +
        '`sequence`), index `view_order_strategy` (`strategy`, `sequence`), index ' +
        '`view_order_instrument` (`instrument`, `sequence`)) default character set utf8mb4 ' +
        'collate utf8mb4_bin engine = InnoDB',
    );
  }
}
