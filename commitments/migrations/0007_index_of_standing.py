"""An index that holds all that the queues of the desk and the counts by schedule look at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0006_similar_titles")]

    operations = [
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(
                fields=[
                    "publication",
                    "status",
                    "evidence",
                    "latest",
                    "earliest",
                    "time_zone",
                    "effective_earliest",
                    "effective_latest",
                ],
                name="commitment_by_standing",
            ),
        ),
    ]
