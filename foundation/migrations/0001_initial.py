import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_in', models.TextField(blank=True, default='')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='revision_has_one_row')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='RetiredSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text="The model's label, such as evidence.study", max_length=60)),
                ('old', models.CharField(max_length=120)),
                ('new', models.CharField(max_length=120)),
                ('retired_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['kind', 'old'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'old'), name='retired_slug_leads_to_one_record'), models.CheckConstraint(condition=models.Q(('old', models.F('new')), _negated=True), name='retired_slug_is_not_its_successor')],
                'indexes': [],
            },
        ),
    ]
