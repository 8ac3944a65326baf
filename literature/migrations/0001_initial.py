import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import foundation.migration_operations
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [foundation.migration_operations.Together([
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=160, unique=True)),
                ('csl_type', models.CharField(choices=[('article-journal', 'Journal article'), ('paper-conference', 'Conference abstract'), ('webpage', 'Web page'), ('article', 'Preprint'), ('article-newspaper', 'News report'), ('report', 'Report or label'), ('chapter', 'Book chapter'), ('book', 'Book'), ('thesis', 'Thesis'), ('dataset', 'Data set')], default='article-journal', max_length=30)),
                ('title', models.TextField(blank=True, default='')),
                ('authors', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('authors_complete', models.BooleanField(default=True)),
                ('journal', models.TextField(blank=True, default='')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('year_inferred', models.BooleanField(default=False)),
                ('volume', models.CharField(blank=True, default='', max_length=30)),
                ('issue', models.CharField(blank=True, default='', max_length=30)),
                ('pages', models.CharField(blank=True, default='', max_length=40)),
                ('doi', models.CharField(blank=True, default='', max_length=200, verbose_name='DOI')),
                ('pmid', models.CharField(blank=True, default='', max_length=12, verbose_name='PMID')),
                ('pmcid', models.CharField(blank=True, default='', max_length=14, verbose_name='PMCID')),
                ('url', models.URLField(blank=True, default='', max_length=500, verbose_name='URL')),
                ('vancouver', models.TextField(blank=True, default='', editable=False)),
                ('retraction_status', models.CharField(choices=[('not_checked', 'Not checked'), ('none_found', 'No notice found'), ('corrected', 'Corrected'), ('expression_of_concern', 'Expression of concern'), ('retracted', 'Retracted')], default='not_checked', max_length=30)),
                ('retraction_checked_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['slug'],
                'indexes': [models.Index(models.OrderBy(models.F('year'), descending=True, nulls_last=True), models.F('slug'), name='citation_newest_first')],
                'constraints': [models.CheckConstraint(condition=models.Q(('slug__regex', '^[a-z0-9][a-z0-9_-]*$')), name='citation_slug_form', violation_error_message='A slug holds lower-case letters, digits, hyphens and underscores.'), models.CheckConstraint(condition=models.Q(('csl_type__in', ['article-journal', 'paper-conference', 'webpage', 'article', 'article-newspaper', 'report', 'chapter', 'book', 'thesis', 'dataset'])), name='citation_type_known', violation_error_message='csl_type must be one of article-journal, paper-conference, webpage, article, article-newspaper, report, chapter, book, thesis, dataset.'), models.CheckConstraint(condition=models.Q(('retraction_status__in', ['not_checked', 'none_found', 'corrected', 'expression_of_concern', 'retracted'])), name='citation_retraction_status_known', violation_error_message='retraction_status must be one of not_checked, none_found, corrected, expression_of_concern, retracted.'), models.CheckConstraint(condition=models.Q(('doi', ''), ('doi__regex', '^10\\.[0-9]{4,9}/[^\\s]+$'), _connector='OR'), name='citation_doi_form', violation_error_message='doi is not of the form ^10\\.[0-9]{4,9}/[^\\s]+$'), models.CheckConstraint(condition=models.Q(('pmid', ''), ('pmid__regex', '^[1-9][0-9]*$'), _connector='OR'), name='citation_pmid_form', violation_error_message='pmid is not of the form ^[1-9][0-9]*$'), models.CheckConstraint(condition=models.Q(('pmcid', ''), ('pmcid__regex', '^PMC[0-9]+$'), _connector='OR'), name='citation_pmcid_form', violation_error_message='pmcid is not of the form ^PMC[0-9]+$'), models.UniqueConstraint(django.db.models.functions.text.Lower('doi'), condition=models.Q(('doi', ''), _negated=True), name='citation_doi_once', violation_error_message='Another citation has this DOI already.'), models.UniqueConstraint(condition=models.Q(('pmid', ''), _negated=True), fields=('pmid',), name='citation_pmid_once', violation_error_message='Another citation has this PMID already.'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('doi', ''), _negated=True), models.Q(('pmid', ''), _negated=True), _connector='OR'), name='citation_can_be_found', violation_error_message='A citation needs a title, a DOI or a PMID.'), models.CheckConstraint(condition=models.Q(('year__isnull', True), models.Q(('year__gte', 1800), ('year__lte', 2100)), _connector='OR'), name='citation_year_range'), models.CheckConstraint(condition=models.Q(('year_inferred', False), ('year__isnull', False), _connector='OR'), name='citation_inferred_year_is_given')],
            },
        ),
        migrations.CreateModel(
            name='CitationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='literature.citation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('slug', models.CharField(max_length=160)),
                ('csl_type', models.CharField(choices=[('article-journal', 'Journal article'), ('paper-conference', 'Conference abstract'), ('webpage', 'Web page'), ('article', 'Preprint'), ('article-newspaper', 'News report'), ('report', 'Report or label'), ('chapter', 'Book chapter'), ('book', 'Book'), ('thesis', 'Thesis'), ('dataset', 'Data set')], default='article-journal', max_length=30)),
                ('title', models.TextField(blank=True, default='')),
                ('authors', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('authors_complete', models.BooleanField(default=True)),
                ('journal', models.TextField(blank=True, default='')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('year_inferred', models.BooleanField(default=False)),
                ('volume', models.CharField(blank=True, default='', max_length=30)),
                ('issue', models.CharField(blank=True, default='', max_length=30)),
                ('pages', models.CharField(blank=True, default='', max_length=40)),
                ('doi', models.CharField(blank=True, default='', max_length=200, verbose_name='DOI')),
                ('pmid', models.CharField(blank=True, default='', max_length=12, verbose_name='PMID')),
                ('pmcid', models.CharField(blank=True, default='', max_length=14, verbose_name='PMCID')),
                ('url', models.URLField(blank=True, default='', max_length=500, verbose_name='URL')),
                ('vancouver', models.TextField(blank=True, default='', editable=False)),
                ('retraction_status', models.CharField(choices=[('not_checked', 'Not checked'), ('none_found', 'No notice found'), ('corrected', 'Corrected'), ('expression_of_concern', 'Expression of concern'), ('retracted', 'Retracted')], default='not_checked', max_length=30)),
                ('retraction_checked_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
    ]),
        foundation.migration_operations.AddTriggers(
            triggers=[('citation', pgtrigger.compiler.Trigger(name='revision_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    IF EXISTS (SELECT 1 FROM (TABLE new_rows) AS changed WHERE TRUE) THEN\n        INSERT INTO foundation_revision AS revision (id, number, changed_at, changed_in)\n        VALUES (1, 1, now(), pg_current_xact_id()::text)\n        ON CONFLICT (id) DO UPDATE\n           SET number = revision.number + 1, changed_at = now(), changed_in = EXCLUDED.changed_in\n         WHERE revision.changed_in IS DISTINCT FROM EXCLUDED.changed_in;\n    END IF;\n    RETURN NULL;\n', hash='181c6410d3259173679442208245a8c3155f25f9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_revision_insert_41dcf', referencing='REFERENCING NEW TABLE AS new_rows ', table='literature_citation', when='AFTER'))), ('citation', pgtrigger.compiler.Trigger(name='revision_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    IF EXISTS (SELECT 1 FROM (TABLE old_rows) AS changed WHERE TRUE) THEN\n        INSERT INTO foundation_revision AS revision (id, number, changed_at, changed_in)\n        VALUES (1, 1, now(), pg_current_xact_id()::text)\n        ON CONFLICT (id) DO UPDATE\n           SET number = revision.number + 1, changed_at = now(), changed_in = EXCLUDED.changed_in\n         WHERE revision.changed_in IS DISTINCT FROM EXCLUDED.changed_in;\n    END IF;\n    RETURN NULL;\n', hash='933d73842f0fab66cf3a9629137ce100b7d98e0f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_revision_delete_0d7f8', referencing='REFERENCING OLD TABLE AS old_rows ', table='literature_citation', when='AFTER'))), ('citation', pgtrigger.compiler.Trigger(name='revision_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    IF EXISTS (SELECT 1 FROM ((TABLE new_rows EXCEPT TABLE old_rows) UNION ALL (TABLE old_rows EXCEPT TABLE new_rows)) AS changed WHERE TRUE) THEN\n        INSERT INTO foundation_revision AS revision (id, number, changed_at, changed_in)\n        VALUES (1, 1, now(), pg_current_xact_id()::text)\n        ON CONFLICT (id) DO UPDATE\n           SET number = revision.number + 1, changed_at = now(), changed_in = EXCLUDED.changed_in\n         WHERE revision.changed_in IS DISTINCT FROM EXCLUDED.changed_in;\n    END IF;\n    RETURN NULL;\n', hash='0695a2d254cc4d91571381f5778d895f95138b7c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_revision_update_5844b', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='literature_citation', when='AFTER'))), ('citation', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "literature_citationevent" ("authors", "authors_complete", "csl_type", "doi", "id", "issue", "journal", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmcid", "pmid", "retraction_checked_on", "retraction_status", "slug", "title", "url", "vancouver", "volume", "year", "year_inferred") VALUES (NEW."authors", NEW."authors_complete", NEW."csl_type", NEW."doi", NEW."id", NEW."issue", NEW."journal", NEW."pages", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pmcid", NEW."pmid", NEW."retraction_checked_on", NEW."retraction_status", NEW."slug", NEW."title", NEW."url", NEW."vancouver", NEW."volume", NEW."year", NEW."year_inferred"); RETURN NULL;', hash='a1a020463c6c613b1954482287988b60f0c1d5ab', operation='INSERT', pgid='pgtrigger_insert_insert_71f06', table='literature_citation', when='AFTER'))), ('citation', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "literature_citationevent" ("authors", "authors_complete", "csl_type", "doi", "id", "issue", "journal", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmcid", "pmid", "retraction_checked_on", "retraction_status", "slug", "title", "url", "vancouver", "volume", "year", "year_inferred") VALUES (NEW."authors", NEW."authors_complete", NEW."csl_type", NEW."doi", NEW."id", NEW."issue", NEW."journal", NEW."pages", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pmcid", NEW."pmid", NEW."retraction_checked_on", NEW."retraction_status", NEW."slug", NEW."title", NEW."url", NEW."vancouver", NEW."volume", NEW."year", NEW."year_inferred"); RETURN NULL;', hash='ec936372d6c9c4ec5c39761e42639ee3a08bc480', operation='UPDATE', pgid='pgtrigger_update_update_08a49', table='literature_citation', when='AFTER'))), ('citation', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "literature_citationevent" ("authors", "authors_complete", "csl_type", "doi", "id", "issue", "journal", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmcid", "pmid", "retraction_checked_on", "retraction_status", "slug", "title", "url", "vancouver", "volume", "year", "year_inferred") VALUES (OLD."authors", OLD."authors_complete", OLD."csl_type", OLD."doi", OLD."id", OLD."issue", OLD."journal", OLD."pages", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pmcid", OLD."pmid", OLD."retraction_checked_on", OLD."retraction_status", OLD."slug", OLD."title", OLD."url", OLD."vancouver", OLD."volume", OLD."year", OLD."year_inferred"); RETURN NULL;', hash='c4c11ccc1ee008d4df4cdd091c4c7c2e9b65b46f', operation='DELETE', pgid='pgtrigger_delete_delete_9892e', table='literature_citation', when='AFTER'))), ('citationevent', pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f2b7fa24f159c1977257d43f120e07b2944948f5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4b5f1', table='literature_citationevent', when='BEFORE')))],
        ),
    ]
