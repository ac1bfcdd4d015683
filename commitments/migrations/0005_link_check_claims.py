"""What keeps checkers of links apart, and from asking dead hosts every day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0004_api_keys")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="link_failures",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="source",
            name="link_claimed_until",
            field=models.DateTimeField(db_index=True, editable=False, null=True),
        ),
    ]
